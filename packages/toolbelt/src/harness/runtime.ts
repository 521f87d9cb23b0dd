/** The members of the runtime's own object that the harness needs after it was removed. */
interface Runtime {
  readonly stdin: { read(into: Uint8Array): Promise<number | null> }
  readonly stdout: { writeSync(bytes: Uint8Array): number }
  exit(code: number): never
}

const { Deno: runtime } = globalThis as unknown as { Deno: Runtime }

export const read = runtime.stdin.read.bind(runtime.stdin)
export const writeSync = runtime.stdout.writeSync.bind(runtime.stdout)
export const exit: (code: number) => never = runtime.exit.bind(runtime)
