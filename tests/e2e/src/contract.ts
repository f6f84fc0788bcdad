/* contract.ts: holds an answer against the served contract. An undocumented status, media type, header or member is an error. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Dict = { [name: string]: any };

/** RFC 5321 in outline: ajv-formats knows neither quoted local parts nor address literals. */
const EMAIL = /^("([^"\\]|\\.)+"|[^\s"@]+)@(\[[\w:.]+\]|[A-Za-z0-9.-]+)$/;

export interface Answer {
  method: string;
  path: string;
  status: number;
  headers: Headers;
  body: string;
}

export class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  private constructor(readonly document: Dict) {
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.ajv.addFormat("email", EMAIL);
    this.ajv.addSchema(document, "contract");
  }

  static async load(url: string): Promise<Contract> {
    const response = await fetch(`${url}/openapi.json`);
    return new Contract((await response.json()) as Dict);
  }

  /** What a $ref leads to; all else as it is. */
  resolve(value: Dict): Dict {
    return value && "$ref" in value ? this.resolve(this.at(value["$ref"].slice(1))) : value;
  }

  private at(pointer: string): Dict {
    return pointer
      .split("/")
      .slice(1)
      .reduce((value: Dict, token) => value[token.replaceAll("~1", "/").replaceAll("~0", "~")], this.document);
  }

  /** Every operation: its method, path template, id and object. */
  *operations(): Generator<{ method: string; path: string; id: string; operation: Dict }> {
    for (const [path, item] of Object.entries(this.document["paths"] as Dict))
      for (const [method, operation] of Object.entries(item as Dict))
        if ((operation as Dict)["operationId"]) yield { method, path, id: (operation as Dict)["operationId"], operation: operation as Dict };
  }

  private find(method: string, path: string): { template: string; operation: Dict } | undefined {
    const wanted = method === "HEAD" ? "get" : method.toLowerCase();
    const fits = [...this.operations()].filter(
      (o) => o.method === wanted && new RegExp(`^${o.path.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(path),
    );
    fits.sort((a, b) => a.path.split("{").length - b.path.split("{").length);
    return fits[0] && { template: fits[0].path, operation: fits[0].operation };
  }

  private check(pointer: string, value: Json): string[] {
    let validate = this.compiled.get(pointer);
    if (!validate) this.compiled.set(pointer, (validate = this.ajv.compile({ $ref: `contract#${pointer}` })));
    return validate(value) ? [] : validate.errors!.map((e) => `${e.instancePath || "/"} ${e.message} ${JSON.stringify(e.params)}`);
  }

  /** What is wrong with an answer; an empty list when it keeps the contract. */
  violations(answer: Answer): string[] {
    const found = this.find(answer.method, answer.path);
    if (!found) return this.problemOnly(answer);
    const { template, operation } = found;
    const documented = operation["responses"]?.[String(answer.status)];
    if (!documented) return [`${answer.status} is not documented for ${operation["operationId"]}`];
    const response = this.resolve(documented);
    const errors = this.headers(response, answer);
    if (answer.method === "HEAD" || answer.body === "") return [...errors, ...this.empty(response, answer)];
    const type = (answer.headers.get("content-type") ?? "").split(";")[0]!.trim();
    if (!response["content"]?.[type]) return [...errors, `${type || "no media type"} is not documented for ${answer.status}`];
    if (!type.includes("json") || type.includes("ndjson")) return errors;
    const base = "$ref" in documented
      ? documented["$ref"].slice(1)
      : `/paths/${escape(template)}/${answer.method.toLowerCase()}/responses/${answer.status}`;
    return [...errors, ...this.check(`${base}/content/${escape(type)}/schema`, JSON.parse(answer.body))];
  }

  private headers(response: Dict, answer: Answer): string[] {
    return Object.entries((response["headers"] ?? {}) as Dict)
      .filter(([name, header]) => this.resolve(header)["required"] && !answer.headers.has(name))
      .map(([name]) => `${answer.status} without its header ${name}`);
  }

  /** No body is right for HEAD, for answers without content, where the caller asked for none, and for a list of no lines. */
  private empty(response: Dict, answer: Answer): string[] {
    const asked = answer.method === "HEAD" || answer.headers.get("preference-applied") === "return=minimal" || (answer.headers.get("content-type") ?? "").startsWith("application/x-ndjson");
    return asked || !response["content"] ? [] : [`${answer.status} without the documented body`];
  }

  /** Paths and methods outside the contract answer problems, 404 or 405 (or 204 to OPTIONS), and nothing else. */
  private problemOnly(answer: Answer): string[] {
    if (answer.method === "OPTIONS" && answer.status === 204) return [];
    if (answer.status < 400) return [`${answer.method} ${answer.path} is not in the contract, but answers ${answer.status}`];
    if (answer.method === "HEAD") return [];
    if (!(answer.headers.get("content-type") ?? "").startsWith("application/problem+json")) return ["an error that is no problem+json"];
    return this.check("/components/schemas/Problem", JSON.parse(answer.body));
  }
}

function escape(token: string): string {
  return encodeURIComponent(token.replaceAll("~", "~0").replaceAll("/", "~1"));
}
