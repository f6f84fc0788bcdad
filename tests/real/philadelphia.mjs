/* philadelphia.mjs: a department's files as records of the contract. Knows nothing of the service. */
import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

/** What the department's words mean here, as an administrator would enter it. */
export const categories = {
  "physical abuse": "force",
  "verbal abuse": "discourtesy",
  "lack of service": "lack_of_service",
  harassment: "harassment",
  "unprofessional conduct": "unprofessional_conduct",
  "departmental violation": "departmental_violation",
  "departmental violations": "departmental_violation",
  "disciplinary code violation": "departmental_violation",
  "non-investigatory incident": "non_investigatory",
  "criminal allegation": "criminal_allegation",
  "civil rights complaint": "civil_rights",
  domestic: "domestic",
  "sexual crime/misconduct": "sexual_misconduct",
  falsification: "falsification",
  drugs: "drugs",
  "other misconduct": "other",
};

const sexes = { male: "male", m: "male", female: "female", f: "female" };
const races = { black: "black", b: "black", white: "white", w: "white", latino: "hispanic", h: "hispanic", asian: "asian", "middle east": "middle_eastern", other: "other", indian: "other", "multi ethnic": "other" };
const findings = { "Sustained Finding": "sustained", "Other than Sustained Finding": "not_sustained_unspecified" };
const outcomes = { "Not Applicable": "not_applicable", "Training/Counseling": "training_counseling", "Guilty Finding": "guilty", "No Guilty Findings": "not_guilty", Pending: "pending" };
const bands = [[18, "under_18"], [25, "18_24"], [35, "25_34"], [45, "35_44"], [55, "45_54"], [65, "55_64"], [130, "65_over"]];

const word = (text) => text.trim().toLowerCase();
const race = (text) => (races[word(text)] ? [races[word(text)]] : []);
const sex = (text) => sexes[word(text)] ?? "unknown";
const age = (text) => (/^\d+$/.test(text.trim()) ? bands.find(([end]) => Number(text) < end)?.[1] : undefined) ?? "unknown";

/** Initials stay behind: nobody of a record is told by name, whoever they are. */
const complainant = (row) => ({ race: race(row.complainant_race), sex: sex(row.complainant_sex), age_band: age(row.complainant_age), how_known: "recorded" });

const allegation = (row) => ({
  ...(word(row.allegations_investigated) === "investigation ongoing" ? {} : { category: row.allegations_investigated }),
  ...(findings[row.investigative_findings] ? { finding: findings[row.investigative_findings], finding_status: row.disciplinary_findings === "Pending" ? "pending" : "final" } : {}),
  decided_by: "police",
  outcome: outcomes[row.disciplinary_findings],
  officer_race: race(row.po_race),
  officer_sex: sex(row.po_sex),
});

/** What has the same key, in order. */
export function group(list, key) {
  const groups = new Map();
  for (const one of list) groups.has(key(one)) ? groups.get(key(one)).push(one) : groups.set(key(one), [one]);
  return groups;
}

export class Department {
  constructor(folder) {
    const read = (name) => parse(readFileSync(`${folder}/${name}.csv`), { columns: true, bom: true });
    this.complaints = read("complaints");
    this.complainants = read("complainants");
    this.findings = read("findings");
    const people = group(this.complainants, (row) => row.cap_number), found = group(this.findings, (row) => row.cap_number);
    this.records = this.complaints.map((row) => {
      const mine = found.get(row.cap_number) ?? [];
      return {
        external_id: row.cap_number,
        received_on: row.date_received.slice(0, 10),
        category: row.general_cap_classification,
        district: row.dist_occurrence,
        status: mine.some((f) => f.investigative_findings === "Pending") ? "open" : "closed",
        narrative: row.summary,
        complainants: (people.get(row.cap_number) ?? []).map(complainant),
        allegations: mine.map(allegation),
      };
    });
  }

  get districts() {
    return [...new Set(this.complaints.map((row) => word(row.dist_occurrence)))];
  }
}

/** An open record as it is sent once it is decided. */
export const decided = (record) => ({
  ...record,
  status: "closed",
  closed_on: "2019-01-31",
  allegations: record.allegations.map((a) => (a.finding ? a : { ...a, category: "Lack of Service", finding: "unfounded", finding_status: "final", outcome: "not_applicable" })),
});
