"""Customers, cases, contacts and messages, for programs. Changes at the desk are in `heartline.service.api`."""

from ninja import Router

from heartline.conversations.api.cases import router as cases
from heartline.conversations.api.customers import router as customers
from heartline.conversations.api.quick_replies import router as quick_replies
from heartline.conversations.api.setup import router as setup

ROUTERS: list[Router] = [customers, cases, quick_replies, setup]
