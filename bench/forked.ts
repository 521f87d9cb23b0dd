import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A program of this folder in a process of its own, asked by messages, one at a time. */
export interface Forked extends AsyncDisposable {
  readonly pid: number
  /** Everything that it has printed. */
  output(): string
  /** Rejects when it fails at what it was asked, or ends instead of answering. */
  ask<Answer>(order: unknown): Promise<Answer>
}

type Reply = { answer: unknown } | { error: string }

/** Resolves when the program has said that it is ready. */
export async function forkProgram(
  file: string,
  { env = {}, execArgv = [] }: { env?: Record<string, string>; execArgv?: string[] } = {},
): Promise<Forked> {
  const child = fork(join(import.meta.dirname, file), {
    env: { ...process.env, ...env },
    execArgv,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let printed = ''
  child.stderr?.on('data', (data: Buffer) => {
    printed += data.toString()
  })
  const ended = once(child, 'close')

  async function reply(): Promise<unknown> {
    const ending = ended.then(([code]) => {
      throw new Error(`${file} ended with ${String(code)}: ${printed}`)
    })
    const [said] = (await Promise.race([once(child, 'message'), ending])) as [Reply]
    if ('error' in said) throw new Error(`${file}: ${said.error}`)
    return said.answer
  }

  await reply()
  return {
    pid: child.pid ?? 0,
    output: () => printed,
    ask<Answer>(order: unknown) {
      child.send(order as object)
      return reply() as Promise<Answer>
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill()
      await ended
    },
  }
}
