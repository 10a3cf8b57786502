/** One file on its way to the server by tus 1.0; goes on after a break, a reload or a restart. */

import { DetailedError, Upload } from "tus-js-client";
import type { PreviousUpload } from "tus-js-client";
import type { Failure } from "./words_for_failure.js";

/** Pieces are so small that little is lost when the line breaks, and so large that few answers are awaited. */
const PIECE = 8 * 1024 * 1024;
const RETRIES = [500, 2_000, 5_000, 10_000, 20_000];

export type State = "waiting" | "running" | "done" | "failed" | "stopped";

/** Fires "change" whenever something about it changes. */
export class Transfer extends EventTarget {
  state: State = "waiting";
  sent = 0;
  resumedAt = 0;
  failure: Failure | null = null;
  /** The item that the server made of it. */
  item = "";
  private readonly upload: Upload;

  constructor(readonly file: File, endpoint: string, csrf: string) {
    super();
    this.upload = new Upload(file, {
      endpoint,
      chunkSize: PIECE,
      retryDelays: RETRIES,
      headers: { "X-CSRFToken": csrf },
      metadata: { filename: file.name, filetype: file.type, modified: String(file.lastModified) },
      // The case is part of the fingerprint: the same film given to two cases is two arrivals.
      fingerprint: (given) => Promise.resolve(fingerprint(given as File, endpoint)),
      removeFingerprintOnSuccess: true,
      onShouldRetry: (error) => mayHelpToTryAgain(statusOf(error)),
      onProgress: (sent) => this.change({ sent }),
      onAfterResponse: (request, response) => {
        this.item = response.getHeader("Videtur-Item") ?? this.item;
        // Only who resumes asks how far the upload is.
        if (request.getMethod() === "HEAD") this.resumedAt = Number(response.getHeader("Upload-Offset") ?? 0);
      },
      onSuccess: () => this.change({ state: "done", sent: file.size }),
      onError: (error) => this.change({ state: "failed", failure: failureOf(error) }),
    });
  }

  async start(): Promise<void> {
    this.change({ state: "running", failure: null });
    const [previous] = await this.upload.findPreviousUploads();
    if (previous) this.upload.resumeFromPreviousUpload(previous);
    this.upload.start();
  }

  /** Stops; what arrived is kept, and choosing the file again goes on from there. */
  async stop(): Promise<void> {
    await this.upload.abort();
    this.change({ state: "stopped" });
  }

  private change(what: Partial<Pick<Transfer, "state" | "sent" | "failure">>): void {
    Object.assign(this, what);
    this.dispatchEvent(new Event("change"));
  }
}

/** Names a file well enough to know it again: its bytes are not read for it. */
export function fingerprint(file: Pick<File, "name" | "type" | "size" | "lastModified">, endpoint: string): string {
  return ["videtur", file.name, file.type, file.size, file.lastModified, endpoint].join("\n");
}

/** The names of files whose upload to this case was begun and not finished in this browser. */
export function unfinished(previous: readonly PreviousUpload[], endpoint: string): string[] {
  const ours = previous.filter((each) => each.urlStorageKey.includes(endpoint));
  return [...new Set(ours.map((each) => each.metadata["filename"] ?? "").filter(Boolean))];
}

function statusOf(error: unknown): number {
  return error instanceof DetailedError ? (error.originalResponse?.getStatus() ?? 0) : 0;
}

function failureOf(error: unknown): Failure {
  const said = error instanceof DetailedError ? (error.originalResponse?.getBody() ?? "") : "";
  return { status: statusOf(error), said };
}

/** A refusal stays a refusal; a broken line, a busy upload and a failing server may be better in a moment. */
export function mayHelpToTryAgain(status: number): boolean {
  return status === 0 || status === 409 || status === 423 || status === 460 || status >= 500;
}
