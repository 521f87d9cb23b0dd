import { readdirSync, statSync } from 'node:fs'
import { link, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasReserve, type Logger, type Monotonic } from '#base/kernel'
import type { Owner } from './owner.ts'

const LOOK_MS = 500
/** Ahead of the one that is written. A database that has hardly written anything needs fewer. */
const SPARE = 8
const SEGMENT = 16 * 1024 ** 2
const ZEROS = Buffer.alloc(1024 ** 2)
/** PostgreSQL itself removes files of such a name when it starts. */
const DRAFT = 'xlogtemp.spare'
/** Segments with these last eight digits, in one number of the eight before. */
const PER_NUMBER = 256

interface Log {
  home: string
  cluster: string
  owner: Owner
}

/**
 * Keeps files ready for PostgreSQL's log of changes, as PostgreSQL does with those it no longer needs: it takes the next one when it
 * is there. So it goes on for a while on a disk that becomes full from one moment to the next, instead of ending where it would have
 * to make one, and no commit waits until one is made.
 */
export function keepSpareSegments(
  { logger, monotonic }: { logger: Logger; monotonic: Monotonic },
  { home, cluster, owner }: Log,
): AsyncDisposable {
  const folder = join(cluster, 'pg_wal')
  const draft = join(folder, DRAFT)
  let making: Promise<void> | undefined
  let isOver = false
  let isBlind = false

  async function makeMissing(): Promise<void> {
    for (const name of missing(folder)) {
      if (isOver || !hasReserve(home)) return
      try {
        await rm(draft, { force: true })
        await makeZeros(draft, owner)
        // PostgreSQL may have made it meanwhile: then that one stays.
        await link(draft, join(folder, name)).catch(ignoreExisting)
      } finally {
        await rm(draft, { force: true })
      }
    }
  }

  function look(): void {
    making ??= makeMissing()
      .catch((err: unknown) => {
        if (!isBlind) logger.warn({ err }, 'The log of the database has no files in reserve')
        isBlind = true
      })
      .finally(() => {
        making = undefined
      })
  }

  const looking = monotonic.every(LOOK_MS, look)
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      looking[Symbol.dispose]()
      await making
    },
  }
}

/** Names of the spare segments that are not there. */
function missing(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => /^[\dA-F]{24}$/.test(name))
  // The newest is written: those after it, which have been used before, are older, and those made here have never been written.
  const [current] = names
    .map((name) => ({ name, at: writtenAt(join(folder, name)) }))
    .toSorted((one, other) => other.at - one.at)
  if (!current) return []
  const timeline = current.name.slice(0, 8)
  const number =
    Number.parseInt(current.name.slice(8, 16), 16) * PER_NUMBER +
    Number.parseInt(current.name.slice(16), 16)
  const there = new Set(names)
  return Array.from({ length: Math.min(SPARE, number) }, (_unused, nth) =>
    nameOf(timeline, number + 1 + nth),
  ).filter((name) => !there.has(name))
}

/** PostgreSQL may have given it another name meanwhile. */
function writtenAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
}

function nameOf(timeline: string, number: number): string {
  const hex = (part: number) => part.toString(16).toUpperCase().padStart(8, '0')
  return timeline + hex(Math.floor(number / PER_NUMBER)) + hex(number % PER_NUMBER)
}

/** Written, not only promised: a file with holes would need room later. */
async function makeZeros(path: string, owner: Owner): Promise<void> {
  // The folder is the server's: only a new file is sure to be no other one.
  await using file = await open(path, 'wx', 0o600)
  for (let bytes = 0; bytes < SEGMENT; bytes += ZEROS.length) await file.writeFile(ZEROS)
  await file.sync()
  await file.chown(owner.uid, owner.gid)
  // Never written, as far as anybody asks.
  await file.utimes(0, 0)
}

function ignoreExisting(cause: unknown): void {
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
}
