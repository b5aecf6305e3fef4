"""The catalogue: which node types and apps there are, and what their settings must look like."""

from cartwheel.catalog.apps import App, put_secrets
from cartwheel.catalog.config import ConfigFault
from cartwheel.catalog.node_type import Message, NodeType, Port, RetryPlan
from cartwheel.catalog.refusals import refusal
from cartwheel.catalog.registry import Registry, UnknownNodeType, load_registry
from cartwheel.catalog.request_block import RequestBlock, build_request, read_output
from cartwheel.catalog.samples import Sample

__all__ = [
    "App",
    "ConfigFault",
    "Message",
    "NodeType",
    "Port",
    "Registry",
    "RequestBlock",
    "RetryPlan",
    "Sample",
    "UnknownNodeType",
    "build_request",
    "load_registry",
    "put_secrets",
    "read_output",
    "refusal",
]
