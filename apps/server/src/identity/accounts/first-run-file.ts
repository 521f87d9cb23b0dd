import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as z from 'zod'

const UserPassword = z.object({ user: z.string(), password: z.string() })

export const FirstRun = z.object({
  accountId: z.string(),
  admin: UserPassword,
  agents: z.tuple([UserPassword, UserPassword]),
  skillIds: z.array(z.string()),
  client: z.object({ id: z.string(), secret: z.string() }),
  apiKey: z.object({
    appKey: z.string(),
    secret: z.string(),
    accessToken: z.string(),
    accessTokenSecret: z.string(),
  }),
})
/** The credentials of the account that the first start has made. */
export type FirstRun = z.infer<typeof FirstRun>

export async function readFirstRun(path: string): Promise<FirstRun | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : FirstRun.parse(JSON.parse(text))
}

/** Whole or not at all. */
export async function writeFirstRun(path: string, credentials: FirstRun): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.new`
  await writeFile(draft, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(draft, path)
}
