// What mail programs do not support of a mail: `node mail_clients.mjs FILE.html`, JSON on standard output.
// Data: caniemail.com. Where it has no test of a feature in a program, nothing is known and nothing is reported.
import { readFileSync } from "node:fs";

import { caniemail, rawData } from "caniemail";

const CLIENTS = ["gmail.*", "outlook.*", "gmx.*", "web-de.*", "t-online-de.*", "thunderbird.*"];
const SILENT = { "2000-01": "y" };

/** The last word on a feature in a program. */
const verdict = (versions) => versions[Object.keys(versions).sort().at(-1)];

/** What was never tested in a program is unknown: the package would refuse it, or call it supported in part. */
const silenceUnknown = () => {
  const programs = new Set(
    rawData.data.flatMap(({ stats }) =>
      Object.entries(stats).flatMap(([family, platforms]) => Object.keys(platforms).map((name) => `${family}.${name}`)),
    ),
  );
  for (const { stats } of rawData.data)
    for (const program of programs) {
      const [family, platform] = program.split(".");
      stats[family] ??= {};
      const versions = stats[family][platform];
      if (!versions || verdict(versions).startsWith("u")) stats[family][platform] = SILENT;
    }
};

silenceUnknown();
const { issues } = caniemail({ clients: CLIENTS, html: readFileSync(process.argv[2], "utf8") });
const found = {};
for (const [severity, byClient] of Object.entries({ unsupported: issues.errors, partial: issues.warnings }))
  for (const [client, list] of byClient)
    for (const { title } of list) {
      found[title] ??= {};
      found[title][severity] = [...new Set([...(found[title][severity] ?? []), client])].sort();
    }
console.log(JSON.stringify(found));
