#!/usr/bin/env python3
"""What somebody writes who collects the same with boto3: the yardstick for `pinpoint-evidence collect`.

    tests/bench/boto3_collect.py --endpoint-url URL --region us-east-1 [--region ...] --out FILE
                                 [--threads 1] [--retries standard|adaptive]

Asks the same operations about the same resources and writes one line of JSON for each answer. Errors are answers too. With
threads, as many requests are on their way at once in each region. Nothing is redacted, checked, ordered or resumed.
"""

import argparse
import concurrent.futures
import json
import threading

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

OF_APPLICATION = [
    "get_app", "get_channels", "get_adm_channel", "get_apns_channel", "get_apns_sandbox_channel", "get_apns_voip_channel",
    "get_apns_voip_sandbox_channel", "get_baidu_channel", "get_email_channel", "get_gcm_channel", "get_sms_channel",
    "get_voice_channel", "get_application_settings", "get_event_stream",
]
LISTS_OF_APPLICATION = ["get_campaigns", "get_segments", "list_journeys", "get_import_jobs", "get_export_jobs"]
OF_SMS = [
    "describe_account_attributes", "describe_configuration_sets", "describe_opt_out_lists", "describe_spend_limits",
    "describe_sender_ids",
]


class Collection:
    """Asks one region, and keeps what came."""

    def __init__(self, options, region, out, lock):
        self.out, self.lock = out, lock
        settings = Config(retries={"mode": options.retries}, max_pool_connections=max(10, options.threads))

        def client(service):
            return boto3.client(service, region, endpoint_url=options.endpoint_url, config=settings)

        self.pinpoint, self.sms, self.ses = client("pinpoint"), client("pinpoint-sms-voice-v2"), client("sesv2")
        self.artifact, self.sts = client("artifact"), client("sts")

    def ask(self, client, operation, **parameters):
        try:
            answer = getattr(client, operation)(**parameters)
            answer.pop("ResponseMetadata", None)
        except (ClientError, BotoCoreError) as error:
            answer = {"Error": str(error)}
        line = json.dumps({"operation": operation, "parameters": parameters, "answer": answer}, default=str)
        with self.lock:
            self.out.write(line + "\n")
        return answer

    def pages(self, client, operation, token="NextToken", **parameters):
        """Every page of a list of a newer service."""
        while True:
            answer = self.ask(client, operation, **parameters)
            yield answer
            if not answer.get(token):
                return
            parameters[token] = answer[token]

    def pinpoint_pages(self, operation, **parameters):
        while True:
            answer = self.ask(self.pinpoint, operation, PageSize="100", **parameters)
            page = next((value for key, value in answer.items() if key != "Error"), {})
            yield page
            if not page.get("NextToken"):
                return
            parameters["Token"] = page["NextToken"]

    def application(self, item):
        for operation in OF_APPLICATION:
            yield lambda operation=operation: self.ask(self.pinpoint, operation, ApplicationId=item["Id"])
        for operation in LISTS_OF_APPLICATION:
            yield lambda operation=operation: list(self.pinpoint_pages(operation, ApplicationId=item["Id"]))
        yield lambda: self.ask(self.pinpoint, "list_tags_for_resource", ResourceArn=item["Arn"])

    def of_sms(self):
        yield from (lambda operation=operation: list(self.pages(self.sms, operation)) for operation in OF_SMS)
        yield self.numbers
        yield self.pools
        yield self.protection
        yield self.registrations

    def numbers(self):
        for owner in ("SELF", "SHARED"):
            for page in self.pages(self.sms, "describe_phone_numbers", Owner=owner):
                for number in page.get("PhoneNumbers", []) if owner == "SELF" else []:
                    self.ask(self.sms, "get_resource_policy", ResourceArn=number["PhoneNumberArn"])

    def pools(self):
        for page in self.pages(self.sms, "describe_pools"):
            for pool in page.get("Pools", []):
                list(self.pages(self.sms, "list_pool_origination_identities", PoolId=pool["PoolId"]))

    def protection(self):
        for page in self.pages(self.sms, "describe_protect_configurations"):
            for found in page.get("ProtectConfigurations", []):
                for capability in ("SMS", "VOICE"):
                    self.ask(self.sms, "get_protect_configuration_country_rule_set",
                             ProtectConfigurationId=found["ProtectConfigurationId"], NumberCapability=capability)

    def registrations(self):
        for page in self.pages(self.sms, "describe_registrations"):
            for found in page.get("Registrations", []):
                for operation in ("describe_registration_versions", "list_registration_associations"):
                    list(self.pages(self.sms, operation, RegistrationId=found["RegistrationId"]))

    def of_ses(self):
        yield lambda: self.ask(self.ses, "get_account")
        yield self.identities
        yield self.configuration_sets

    def identities(self):
        for page in self.pages(self.ses, "list_email_identities"):
            for found in page.get("EmailIdentities", []):
                self.ask(self.ses, "get_email_identity", EmailIdentity=found["IdentityName"])

    def configuration_sets(self):
        for page in self.pages(self.ses, "list_configuration_sets"):
            for name in page.get("ConfigurationSets", []):
                self.ask(self.ses, "get_configuration_set", ConfigurationSetName=name)
                self.ask(self.ses, "get_configuration_set_event_destinations", ConfigurationSetName=name)

    def reports(self):
        self.ask(self.artifact, "list_customer_agreements")
        for page in self.pages(self.artifact, "list_reports", "nextToken"):
            for found in page.get("reports", []):
                self.ask(self.artifact, "get_report_metadata", reportId=found["id"])
                self.ask(self.artifact, "list_report_versions", reportId=found["id"])

    def everything(self, is_first):
        """Every piece of work that does not wait for another."""
        if is_first:
            self.ask(self.sts, "get_caller_identity")
            yield self.reports
        yield from self.of_sms()
        yield from self.of_ses()
        for operation in ("list_templates", "get_recommender_configurations"):
            yield lambda operation=operation: list(self.pinpoint_pages(operation))
        for page in self.pinpoint_pages("get_apps"):
            for item in page.get("Item", []):
                yield from self.application(item)


def region(options, name, out, lock):
    collection = Collection(options, name, out, lock)
    work = collection.everything(name == options.region[0])
    if options.threads == 1:
        for piece in work:
            piece()
        return
    with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
        for done in [pool.submit(piece) for piece in work]:
            done.result()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint-url", required=True)
    parser.add_argument("--region", action="append", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=1, help="in each region; 1 asks one after another everywhere")
    parser.add_argument("--retries", choices=["standard", "adaptive"], default="standard")
    options = parser.parse_args()
    lock = threading.Lock()
    with open(options.out, "w", encoding="utf-8") as out:
        if options.threads == 1:
            for name in options.region:
                region(options, name, out, lock)
            return
        with concurrent.futures.ThreadPoolExecutor(len(options.region)) as regions:
            for done in [regions.submit(region, options, name, out, lock) for name in options.region]:
                done.result()


if __name__ == "__main__":
    main()
