import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Endpoint } from '@parley/client'
import * as z from 'zod'
import { dataFolder } from './folders.ts'
import { portOf } from './option-values.ts'

const Login = z.object({ user: z.string(), password: z.string() })

/** What the first start of a server leaves in its data directory. */
const FirstRun = z.looseObject({
  accountId: z.string(),
  admin: Login,
  agents: z.array(Login).min(1),
  skillIds: z.array(z.string()).min(1),
})

export type FirstRun = z.infer<typeof FirstRun>

export interface Connection {
  endpoint: Endpoint
  admin: { user: string; password: string }
  agent: { user: string; password: string }
  /** The skill for conversations that a command opens. */
  skillId: string
}

export interface ConnectionOptions {
  url?: string
  data?: string
}

/** Instead of what the first start has left, for a command that needs an agent, too. */
const BY_SETTINGS =
  'give PARLEY_ADMIN_USER, PARLEY_ADMIN_PASSWORD, PARLEY_AGENT_USER and PARLEY_AGENT_PASSWORD'

/** @throws an `Error` that says what to do when the first start has left none, or it was removed: `instead` is one way */
export function readFirstRun(file: string, instead = BY_SETTINGS) {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const why = `Cannot read ${file}: start Parley in this folder first, or ${instead}`
    throw new Error(why, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new Error(
      `Cannot use ${file}: it is not JSON; start Parley in this folder anew, or log in with parley login`,
      { cause },
    )
  }
  const parsed = FirstRun.safeParse(value)
  if (!parsed.success) throw new Error(`Cannot use ${file}: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** The server that is named, else that of this machine. @throws an `Error` with the rule of PARLEY_PORT */
export function serverUrl(url: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return url ?? `http://127.0.0.1:${portOf(env, 'PARLEY_PORT', 4800)}`
}

/** The last of the skills that a server with these settings has, as the server reads them. */
function lastSkill({ PARLEY_SKILLS: given = '' }: NodeJS.ProcessEnv): string {
  const ids = given.split(',').map((id) => id.trim())
  return ids.findLast((id) => id !== '') ?? '1002'
}

/** Finds the running server and its demo users: options first, then the environment, then what the first start left. */
export function findConnection(
  options: ConnectionOptions,
  env: NodeJS.ProcessEnv,
  instead?: string,
): Connection {
  const url = serverUrl(options.url, env)
  const {
    PARLEY_ADMIN_USER: adminUser,
    PARLEY_ADMIN_PASSWORD: adminPassword,
    PARLEY_AGENT_USER: agentUser,
    PARLEY_AGENT_PASSWORD: agentPassword,
  } = env
  if (adminUser && adminPassword && agentUser && agentPassword) {
    return {
      endpoint: { url, accountId: env['PARLEY_ACCOUNT'] || '12345678' },
      admin: { user: adminUser, password: adminPassword },
      agent: { user: agentUser, password: agentPassword },
      skillId: lastSkill(env),
    }
  }
  const first = readFirstRun(join(dataFolder(options.data), 'first-run.json'), instead)
  const [agent = first.admin] = first.agents
  return {
    endpoint: { url, accountId: first.accountId },
    admin: first.admin,
    agent,
    skillId: first.skillIds.at(-1) ?? '-1',
  }
}
