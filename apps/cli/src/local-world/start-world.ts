import { spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CaughtMail,
  WorldMessage,
  type WorldRequest,
  type WorldStart,
} from './world-messages.ts'

const PROGRAM = join(import.meta.dirname, 'launch-world.ts')
/** Of what the server says about itself, the end is shown when it does not start. */
const SHOWN_CHARACTERS = 2000
const REMOVAL = { recursive: true, force: true, maxRetries: 40, retryDelay: 100 }

interface WorldListener {
  onMail?(mail: CaughtMail): void
  onEnd?(reason: string): void
}

export interface StartedWorld extends AsyncDisposable {
  readonly port: number
  readonly tlsPort: number
  /** Resolves when the function's next deployment is looked into. @throws as `mailsArrived` */
  inspect(request: Omit<Extract<WorldRequest, { kind: 'inspect' }>, 'kind'>): Promise<void>
  /** Resolves when `onMail` has been called for all that was sent until now. @throws an `Error` that says so when the world has ended */
  mailsArrived(): Promise<void>
}

/** What a process of a world gets of the environment: no settings of another server, nothing of a debugger of the parent. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith('PARLEY_') && !['DATABASE_URL', 'NODE_OPTIONS'].includes(name),
    ),
  )
}

/**
 * Starts the process of a world and waits until it answers.
 * @throws an `Error` with what the server has said when it does not start
 */
export async function startWorld(
  start: WorldStart,
  { onMail, onEnd }: WorldListener,
): Promise<StartedWorld> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(start)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environment(),
    // A group of its own: a Ctrl-C in the terminal is for the parent, which then ends the world.
    detached: true,
  })
  const inspecting = new Map<string, () => void>()
  /** Answered in the order in which they were asked. */
  const askedForMails: (() => void)[] = []
  let said = ''
  let isClosing = false
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-SHOWN_CHARACTERS)
      if (!start.isTemporary) appendFileSync(join(start.dataDir, 'server.log'), data)
    })
  }
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  const ready = await new Promise<{ port: number; tlsPort: number }>((resolve, reject) => {
    child.on('message', (sent) => {
      const message = WorldMessage.parse(sent)
      if (message.kind === 'mail') onMail?.(message.mail)
      else if (message.kind === 'mails') askedForMails.shift()?.()
      else if (message.kind === 'ready') resolve(message)
      else if (message.kind === 'inspecting') inspecting.get(message.functionId)?.()
      else reject(new Error(message.reason))
    })
    child.once('error', reject)
    void ended.then(() => reject(new Error(`The local world ended at its start:\n${said}`)))
  })
  const gone = ended.then(() => {
    throw new Error(`The local world has ended, by ${child.signalCode ?? 'itself'}:\n${said}`)
  })
  gone.catch(({ message }: Error) => {
    if (!isClosing) onEnd?.(message)
  })
  /** One that has ended answers nothing any more. */
  async function ask(request: WorldRequest, answered: (done: () => void) => void): Promise<void> {
    const done = Promise.withResolvers<void>()
    answered(done.resolve)
    // Whether it has arrived shows the answer, or the end.
    child.send(request, () => undefined)
    await Promise.race([done.promise, gone])
  }
  return {
    ...ready,
    inspect: (request) =>
      ask({ kind: 'inspect', ...request }, (done) => inspecting.set(request.functionId, done)),
    mailsArrived: () => ask({ kind: 'mails' }, (done) => askedForMails.push(done)),
    async [Symbol.asyncDispose]() {
      isClosing = true
      child.kill('SIGTERM')
      await ended
      // One that was killed has not removed them, and its database writes until it has ended, too.
      if (start.isTemporary) await rm(start.dataDir, REMOVAL)
    },
  }
}
