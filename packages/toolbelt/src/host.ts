/** What the sandbox gives the toolbelt. */
export interface ToolbeltHost {
  /** Calls the platform. Rejects with an error that has the platform's `code`. PLATFORM-CALLS.md lists the kinds. */
  call(kind: string, args: unknown): Promise<unknown>
  /**
   * In a replay whose calls are let out, what a signature is made with: time and chance of its code are those of the run that is
   * repeated, and a server takes neither an old time nor a nonce twice. `undefined` in all other calls.
   */
  signsWith?(): { nonce: string; at: number } | undefined
}

/** A variable of the function's environment. The process has no other variables. */
export function environment(name: string): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- inside an instance it is no setting of the server
  return process.env[name]
}

/** The account that the code runs for. */
export function brandId(): string {
  return environment('BRAND_ID') ?? ''
}

/** Headers of all requests of the toolbelt. The function's own headers replace them. */
export function toolbeltHeaders(): Record<string, string> {
  return {
    'LP-URL': brandId(),
    'User-Agent': `LP-Lambda-${environment('LAMBDA_UUID') ?? ''}`,
  }
}
