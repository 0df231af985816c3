"""Chat on our contact page and in the widget on a brand's own site."""
