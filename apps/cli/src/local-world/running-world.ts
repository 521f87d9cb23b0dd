import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Endpoint } from '@parley/client'
import * as z from 'zod'

/** The world that runs on a data folder, for other commands in the same project. */
const WorldFile = z.object({ url: z.string(), accountId: z.string(), pid: z.int().positive() })

const NAME = 'world.json'

/** Says in the data folder where the world is, until disposed. */
export function announceWorld(dataDir: string, { url, accountId }: Endpoint): Disposable {
  const file = join(dataDir, NAME)
  writeFileSync(file, JSON.stringify({ url, accountId, pid: process.pid }), { mode: 0o600 })
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
}

/** The world of the project around a folder, while it runs. */
export function findRunningWorld(from: string): (Endpoint & { dataDir: string }) | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const dataDir = join(folder, '.parley')
    const found = readWorld(join(dataDir, NAME))
    if (found && isRunning(found.pid)) {
      return { url: found.url, accountId: found.accountId, dataDir }
    }
    if (folder === dirname(folder)) return undefined
  }
}

function readWorld(file: string): z.infer<typeof WorldFile> | undefined {
  try {
    return WorldFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // There is none, or a killed one has left half of it.
    return undefined
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
