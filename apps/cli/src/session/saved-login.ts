import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import * as z from 'zod'

/** What `parley login` keeps: a session, never a password. */
const SavedLogin = z.object({
  url: z.string(),
  accountId: z.string(),
  user: z.string(),
  bearer: z.string(),
  userId: z.string(),
})
export type SavedLogin = z.infer<typeof SavedLogin>

function file(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'parley', 'login.json')
}

/** Keeps the session for this user of the machine alone; where it is kept. */
export function saveLogin(login: SavedLogin, env: NodeJS.ProcessEnv = process.env): string {
  const path = file(env)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  rmSync(path, { force: true })
  writeFileSync(path, JSON.stringify(login), { mode: 0o600 })
  return path
}

export function findSavedLogin(env: NodeJS.ProcessEnv = process.env): SavedLogin | undefined {
  const path = file(env)
  if (!existsSync(path)) return undefined
  const parsed = SavedLogin.safeParse(readJson(path))
  if (!parsed.success) throw new Error(`Cannot use ${path}: log in again with parley login`)
  return parsed.data
}

/** `undefined` for what is no JSON: the machine may have gone down while it was written. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export function forgetLogin(env: NodeJS.ProcessEnv = process.env): void {
  rmSync(file(env), { force: true })
}
