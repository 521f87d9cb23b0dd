/** What the sandbox gives the toolbelt. */
export interface ToolbeltHost {
  /** Asks the platform; rejects with an error that carries the platform's `code`. The kinds are in PLATFORM-CALLS.md. */
  ask(kind: string, args: unknown): Promise<unknown>
}

/** The function's own environment, which is all that this process has. */
export function environment(name: string): string | undefined {
  // oxlint-disable-next-line node/no-process-env -- inside an instance it is no setting of the server
  return process.env[name]
}

/** The account that the code runs for. */
export function brandId(): string {
  return environment('BRAND_ID') ?? ''
}

/** Headers that the toolbelt's requests carry unless the function replaces them. */
export function toolbeltHeaders(): Record<string, string> {
  return {
    'LP-URL': brandId(),
    'User-Agent': `LP-Lambda-${environment('LAMBDA_UUID') ?? ''}`,
  }
}
