import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { refusalOf } from '@parley/client'
import { exportAccount } from '@parley/contract'
import { Command } from 'commander'
import { whyUnwritten } from '../explain.ts'
import { fromCaller } from '../folders.ts'
import { explain, forOperator, operatorEndpoint, type OperatorOptions } from './operator.ts'
import { writeNote, writeOut } from '../visible.ts'

interface ExportOptions extends OperatorOptions {
  to?: string
}

const SHOW_EVERY_ROWS = 1000
/** As shells say it of what Ctrl-C has ended. */
const INTERRUPTED = 130

/** Writes all that an account has into one file of JSON lines. */
export function exportCommand(): Command {
  return forOperator(new Command('export').description('write all that an account has to a file'))
    .argument('<account>', 'its id')
    .option('--to <file>', 'file to write (default: <account>.jsonl)')
    .addHelpText('after', '\nExample:\n  parley accounts export shop --to shop.jsonl\n')
    .action(async (accountId: string, { to = `${accountId}.jsonl`, ...options }: ExportOptions) => {
      const { url, bearer } = operatorEndpoint(options)
      const file = fromCaller(to)
      const stopping = new AbortController()
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort())
      await using archive = await begin(file)
      const path = exportAccount.path.replace(':accountId', encodeURIComponent(accountId))
      try {
        const answer = await fetch(new URL(path, url), {
          headers: { authorization: `Bearer ${bearer}` },
          signal: stopping.signal,
        })
        if (!answer.ok || !answer.body) {
          throw new Error(explain(await refusalOf(`GET ${path}`, answer)))
        }
        const count = await archive.write(Readable.from(answer.body))
        // Who reads a pipe or the standard output reads an archive and nothing else.
        if (archive.isFile) writeOut(`${count} rows of account ${accountId} are in ${file}\n`)
      } catch (error) {
        if (!stopping.signal.aborted) throw error
        writeNote(`Stopped: ${file} is not written\n`)
        process.exitCode = INTERRUPTED
      }
    })
}

interface Archive extends AsyncDisposable {
  /** Not a pipe, nor a device. */
  isFile: boolean
  /** Resolves to the number of rows. A file is there only when the archive is whole. */
  write(body: Readable): Promise<number>
}

/** Opens the file before the server is asked: it notes an export as soon as it begins one. */
async function begin(named: string): Promise<Archive> {
  // What cannot be looked at cannot be opened, which says why.
  const there = await stat(named).catch(() => undefined)
  if (there?.isDirectory()) throw unwritten(named, Object.assign(new Error(), { code: 'EISDIR' }))
  return there?.isFile() === false ? await openStream(named) : await openDraft(named)
}

/** Pipes, devices and the standard output: a file in their place would end them for everybody. */
async function openStream(to: string): Promise<Archive> {
  const handle = await openToWrite(to, to)
  return {
    isFile: false,
    write: (body) => fill(handle, body, to),
    [Symbol.asyncDispose]: () => handle.close(),
  }
}

async function openDraft(named: string): Promise<Archive> {
  // A link stays one. What is not there yet has no other path.
  const to = await realpath(named).catch(() => named)
  // Another export to the same file may run, and must not lose its own.
  const draft = `${to}.${process.pid}.part`
  const handle = await openToWrite(to, draft)
  return {
    isFile: true,
    async write(body) {
      const count = await fill(handle, body, to)
      await rename(draft, to).catch((cause: Error) => {
        throw unwritten(to, cause)
      })
      return count
    },
    async [Symbol.asyncDispose]() {
      await handle.close()
      await rm(draft, { force: true })
    },
  }
}

async function openToWrite(to: string, path: string): Promise<FileHandle> {
  return await open(path, 'w', 0o600).catch((cause: Error) => {
    throw unwritten(to, cause)
  })
}

async function fill(handle: FileHandle, body: Readable, to: string): Promise<number> {
  let count = 0
  let last = ''
  async function* counted(chunks: AsyncIterable<Uint8Array>) {
    for await (const line of linesOf(chunks)) {
      last = line
      count += line.startsWith('{"table":') ? 1 : 0
      if (count > 0 && count % SHOW_EVERY_ROWS === 0) process.stderr.write(`\r${count} rows`)
      yield `${line}\n`
    }
  }
  try {
    await pipeline(body, counted, handle.createWriteStream())
  } catch (cause) {
    // An error of the system is one of the file: those of the connection are inside a `TypeError`.
    if (!(cause instanceof Error && 'syscall' in cause)) throw cutOff(to, cause)
    throw unwritten(to, cause)
  }
  if (!last.startsWith('{"end":true')) throw cutOff(to)
  process.stderr.write(`\r${count} rows\n`)
  return count
}

function unwritten(to: string, cause: Error): Error {
  return new Error(`--to ${to}: cannot be written: ${whyUnwritten(to, cause)}`, { cause })
}

function cutOff(to: string, cause?: unknown): Error {
  return new Error(`The export was cut off, and ${to} is not written: run it again`, { cause })
}

/** A line may be as long as a file that somebody has sent: each chunk is looked through once. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>) {
  const decoder = new TextDecoder()
  let parts: string[] = []
  for await (const chunk of chunks) {
    const [first = '', ...others] = decoder.decode(chunk, { stream: true }).split('\n')
    parts.push(first)
    for (const next of others) {
      yield parts.join('')
      parts = [next]
    }
  }
  const last = parts.join('')
  if (last !== '') yield last
}
