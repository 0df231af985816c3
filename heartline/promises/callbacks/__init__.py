"""Calls we owe: agreed for a time we can keep, tried again when nobody answers, told of when they are late."""
