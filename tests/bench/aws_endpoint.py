#!/usr/bin/env python3
"""An AWS on loopback for measuring: many accounts and applications, latency, and the quotas that AWS publishes.

    tests/bench/aws_endpoint.py [--port 0] [--accounts 1] [--applications 100] [--identities 3] [--latency 0.03] [--no-quotas]
                                [--suspended N] [--deny-role N] [--throttle N:SECONDS]

Prints its URL, then serves until it is stopped. `GET /counts` answers with what was asked and what was throttled.

The answers are the demo's wire documents. In every account and region, the applications of the demo's first region are
multiplied, and the email identities where that is asked for: new ids, the same shapes. An account is known by its access key, as in `ASIA111122223333EXAMPLE`, a region
by the signature's scope. Each operation has one token bucket per account and region, with the rate and burst that AWS
publishes; beyond it the answer is the service's own throttling error. Standard library only.
"""

import argparse
import asyncio
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, unquote

WIRE = Path(__file__).resolve().parents[2] / "src/demo/wire"
ACCOUNT = "111122223333"
HOME = "us-east-1"
PAGE_SIZES = ("page-size", "PageSize", "MaxResults", "maxResults")
IDENTITIES, IDENTITY = "POST /v2/email/list-identities", "GET /v2/email/identities/"
APP = re.compile(r"\b[0-9a-f]{32}\b")
SCOPE = re.compile(r"Credential=([^/]+)/[0-9]+/([^/]+)/([^/]+)/aws4_request")
KEY = re.compile(r"(?:ASIA|AKIA)([0-9]{12})")
# Requests a second and burst, by the name in a signature: Amazon Pinpoint quotas (300 for reads), AWS End User
# Messaging SMS quotas (1), Amazon SES (1). The others publish none that a collection could reach.
RATES = {"mobiletargeting": (300, 300), "sms-voice": (1, 1), "ses": (1, 1)}
# Older clients list by GET what newer ones list by POST.
OLDER = {
    "GET /v2/email/identities": "POST /v2/email/list-identities",
    "GET /v2/email/configuration-sets": "POST /v2/email/list-configuration-sets",
}
THROTTLED = {
    "mobiletargeting": (429, "TooManyRequestsException"),
    "ses": (429, "TooManyRequestsException"),
    "sms-voice": (400, "ThrottlingException"),
}


def pages_of_applications(routes):
    """The demo's applications in the first region, over all pages."""
    found = []
    for route in routes:
        if route["operation"] == "pinpoint/GetApps" and route.get("region") == HOME:
            found += json.loads((WIRE / route["file"]).read_text(encoding="utf-8"))["Item"]
    return found


class Account:
    """The documents of one region of one account, as they would be for `count` applications."""

    def __init__(self, count, identities):
        routes = json.loads((WIRE / "routes.json").read_text(encoding="utf-8"))
        self.routes = {}
        for route in routes:
            if route.get("region") in (None, HOME):
                asked = tuple(sorted((name, str(value)) for name, value in route.get("parameters", {}).items()))
                text = (WIRE / route["file"]).read_text(encoding="utf-8")
                self.routes[(route["request"], asked)] = (route.get("status", 200), route.get("error"), text)
        self.templates = pages_of_applications(routes)
        self.applications = [self.application(number) for number in range(count)]
        self.template_of = {each["Id"]: self.templates[at % len(self.templates)]["Id"] for at, each in enumerate(self.applications)}
        known = json.loads(self.routes[(IDENTITIES, ())][2])["EmailIdentities"]
        self.identities = [self.identity(known, number) for number in range(identities)]
        self.identity_of = {each["IdentityName"]: known[at % len(known)]["IdentityName"] for at, each in enumerate(self.identities)}

    @staticmethod
    def identity(known, number):
        template = known[number % len(known)]
        again = f"{number:04d}." if number >= len(known) else ""
        return {**template, "IdentityName": again + template["IdentityName"]}

    def application(self, number):
        template = self.templates[number % len(self.templates)]
        own = template["Id"][:24] + f"{number:08x}"
        return json.loads(json.dumps(template).replace(template["Id"], own))

    @staticmethod
    def page(name, members, start, size):
        page = {name: members[start : start + size]}
        if start + size < len(members):
            page["NextToken"] = str(start + size)
        return 200, None, json.dumps(page)

    def answer(self, request, parameters):
        """Status, error code and text; in the demo's account and region."""
        if request == "GET /v1/apps":
            return self.page("Item", self.applications, int(parameters.get("token", 0)), int(parameters.get("page-size", 100)))
        request = OLDER.get(request, request)
        if request == IDENTITIES:
            start, size = int(parameters.get("NextToken", 0)), int(parameters.get("PageSize", 100))
            return self.page("EmailIdentities", self.identities, start, size)
        if request.startswith(IDENTITY):
            request = IDENTITY + self.identity_of.get(request.removeprefix(IDENTITY), "")
        own = next((each for each in APP.findall(request) if each in self.template_of), None)
        template = self.template_of.get(own)
        if own:
            request = request.replace(own, template)
        asked = {name: value for name, value in parameters.items() if name not in PAGE_SIZES}
        if asked.get("Owner") == "SELF":
            del asked["Owner"]
        found = self.routes.get((request, tuple(sorted(asked.items()))))
        if found is None:
            return absent(request)
        status, error, text = found
        return status, error, text.replace(template, own) if own else text


def absent(request):
    """What the services say of what nobody configured."""
    if request.startswith("PinpointSMSVoiceV2."):
        return 400, "ResourceNotFoundException", json.dumps({"Message": "Resource not found"})
    return 404, "NotFoundException", json.dumps({"Message": "Resource not found"})


class Bucket:
    """Tokens of one operation in one account and region."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.tokens, self.at = float(burst), time.monotonic()

    def take(self):
        now = time.monotonic()
        self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Organization:
    """Accounts, who may be assumed, and who is throttled whatever they do."""

    def __init__(self, options):
        self.ids = [f"{int(ACCOUNT) + number:012d}" for number in range(options.accounts)]
        members = self.ids[1:]
        self.suspended = set(members[: options.suspended])
        members = members[options.suspended :]
        self.denied = set(members[: options.deny_role])
        members = members[options.deny_role :]
        number, _, seconds = options.throttle.partition(":")
        self.throttled = {account: float(seconds or 0) for account in members[: int(number)]}
        self.first_seen = {}

    def list_accounts(self, parameters):
        start = int(parameters.get("NextToken", 0))
        accounts = [
            {"Id": each, "Arn": f"arn:aws:organizations::{ACCOUNT}:account/o-exampleorgid/{each}", "Name": f"account {each}",
             "Status": "SUSPENDED" if each in self.suspended else "ACTIVE", "JoinedMethod": "CREATED"}
            for each in self.ids[start : start + 20]
        ]
        more = {"NextToken": str(start + 20)} if start + 20 < len(self.ids) else {}
        return 200, None, json.dumps({"Accounts": accounts, **more})

    def describe(self):
        return 200, None, json.dumps({"Organization": {
            "Id": "o-exampleorgid", "Arn": f"arn:aws:organizations::{ACCOUNT}:organization/o-exampleorgid",
            "FeatureSet": "ALL", "MasterAccountId": ACCOUNT}})

    def assume_role(self, parameters):
        account = parameters["RoleArn"].split(":")[4]
        if account in self.denied or account in self.suspended or account not in self.ids:
            return 403, "AccessDenied", (
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform "
                f"sts:AssumeRole on {parameters['RoleArn']}</Message></Error><RequestId>r</RequestId></ErrorResponse>")
        return 200, None, (
            '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
            f"<AssumedRoleUser><AssumedRoleId>AROA:e</AssumedRoleId><Arn>{parameters['RoleArn']}</Arn></AssumedRoleUser>"
            f"<Credentials><AccessKeyId>ASIA{account}EXAMPLE</AccessKeyId><SecretAccessKey>example</SecretAccessKey>"
            "<SessionToken>example</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
            "</AssumeRoleResult></AssumeRoleResponse>")

    def is_throttled(self, account):
        if account not in self.throttled:
            return False
        first = self.first_seen.setdefault(account, time.monotonic())
        return time.monotonic() - first < self.throttled[account]


class Aws:
    """Answers requests and counts them."""

    def __init__(self, options):
        self.options = options
        self.documents = Account(options.applications, options.identities)
        self.organization = Organization(options)
        self.buckets = {}
        self.asked, self.refused = Counter(), Counter()

    def answer(self, method, target, headers, body):
        path, _, query = target.partition("?")
        if path == "/counts":
            return 200, {}, json.dumps({"asked": self.asked, "throttled": self.refused}).encode()
        key, region, service = (SCOPE.search(headers.get("authorization", "")) or re.match("()()()", "")).groups()
        account = (KEY.match(key or "") or [None, ACCOUNT])[1]
        name = headers.get("x-amz-target")
        parameters = self.parameters(method, query, body, name or service == "ses")
        request = name or f"{method} {unquote(path)}"
        operation = self.operation(request, parameters)
        self.asked[operation] += 1
        if self.refuses(account, region, service, operation):
            self.refused[operation] += 1
            status, code = THROTTLED.get(service, (429, "ThrottlingException"))
            return status, {"x-amzn-errortype": code}, json.dumps({"__type": code, "Message": "Rate exceeded"}).encode()
        status, error, text = self.dispatch(request, parameters, account, region)
        headers = {"x-amzn-errortype": error} if error else {}
        return status, headers, self.at_home(text, account, region, error)

    @staticmethod
    def parameters(method, query, body, is_json):
        if method == "GET":
            return dict(parse_qsl(query))
        if is_json:
            members = json.loads(body or b"{}")
            return {k: v if isinstance(v, str) else json.dumps(v) for k, v in members.items()}
        return {name: value for name, value in parse_qsl(body.decode()) if name != "Version"}

    @staticmethod
    def operation(request, parameters):
        if request == "POST /":
            return parameters.get("Action", request)
        known = APP.sub("{app}", request)
        for prefix in ("GET /v1/tags/", "GET /v2/email/identities/", "GET /v2/email/configuration-sets/"):
            if known.startswith(prefix):
                tail = "/event-destinations" if known.endswith("/event-destinations") else ""
                return prefix + "{name}" + tail
        return known

    def refuses(self, account, region, service, operation):
        if service not in ("sts", "organizations") and self.organization.is_throttled(account):
            return True
        if self.options.no_quotas or service not in RATES:
            return False
        key = (account, region, operation)
        if key not in self.buckets:
            self.buckets[key] = Bucket(*RATES[service])
        return not self.buckets[key].take()

    def dispatch(self, request, parameters, account, region):
        if request == "AWSOrganizationsV20161128.ListAccounts":
            return self.organization.list_accounts(parameters)
        if request == "AWSOrganizationsV20161128.DescribeOrganization":
            return self.organization.describe()
        if request == "POST /" and parameters.get("Action") == "AssumeRole":
            return self.organization.assume_role(parameters)
        text = request.replace(account, ACCOUNT).replace(f":{region}:", f":{HOME}:")
        asked = {name: value.replace(account, ACCOUNT).replace(f":{region}:", f":{HOME}:") for name, value in parameters.items()}
        return self.documents.answer(text, asked)

    @staticmethod
    def at_home(text, account, region, error):
        text = text.replace(ACCOUNT, account).replace(f":{HOME}:", f":{region}:")
        if error and text.startswith("{"):
            text = json.dumps({"__type": error, **json.loads(text)})
        return text.encode()


class Connection(asyncio.Protocol):
    """HTTP/1.1 as far as the SDKs need it: one request after another on a connection that stays open."""

    def __init__(self, aws):
        self.aws, self.buffer = aws, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while True:
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            first, *lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            length = int(headers.get("content-length", 0))
            if len(rest) < length:
                return
            self.buffer = rest[length:]
            method, target, _ = first.split(" ")
            status, extra, body = self.aws.answer(method, target, headers, rest[:length])
            asyncio.get_running_loop().call_later(self.aws.options.latency, self.reply, status, extra, body)

    def reply(self, status, extra, body):
        if self.transport.is_closing():
            return
        kind = b"text/xml" if body.startswith(b"<") else b"application/json"
        lines = "".join(f"{name}: {value}\r\n" for name, value in extra.items()).encode()
        self.transport.write(b"HTTP/1.1 %d X\r\ncontent-type: %s\r\ncontent-length: %d\r\nx-amzn-requestid: r\r\n%s\r\n%s"
                             % (status, kind, len(body), lines, body))


async def serve(options):
    aws = Aws(options)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(aws), "127.0.0.1", options.port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--accounts", type=int, default=1)
    parser.add_argument("--applications", type=int, default=100, help="in each account and region")
    parser.add_argument("--identities", type=int, default=3, help="email identities in each account and region")
    parser.add_argument("--latency", type=float, default=0.03, help="seconds")
    parser.add_argument("--no-quotas", action="store_true")
    parser.add_argument("--suspended", type=int, default=0)
    parser.add_argument("--deny-role", type=int, default=0)
    parser.add_argument("--throttle", default="0:0", help="accounts:seconds")
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
