"""`{% funding_period as funding %}`: who pays for the work."""

from django import template

from home.funding import funding_on

register = template.Library()

register.simple_tag(funding_on, name="funding_period")
