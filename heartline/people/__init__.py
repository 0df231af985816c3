"""Our side: the brands we speak for, sites, teams, queues, skills, people, their roles and presence."""
