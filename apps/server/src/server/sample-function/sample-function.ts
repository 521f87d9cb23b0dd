import { FunctionDraft } from '@parley/contract'
import { NO_EVENT } from '@parley/contract/events'
import type { Functions } from '#faas/functions'
import { ParleyError } from '#base/kernel'
import type { Store } from '#base/store'

const MADE = 'sample-function'
const NAME = 'greeting'
const ACTOR = 'system'

/**
 * Deploys the Greeting template once in the life of an installation, so that there is a function to call.
 * Safe to be interrupted anywhere, and on several nodes at once.
 */
export async function ensureSampleFunction(
  { store, functions }: { store: Store; functions: Functions },
  accountId: string,
): Promise<void> {
  const { db } = store
  const made = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', MADE)
    .executeTakeFirst()
  if (made) return
  const functionId = (await findSample(store, accountId)) ?? (await create(functions, accountId))
  // Another node deploys it, or the next start does.
  if (functionId === undefined || !(await deploy(functions, accountId, functionId))) return
  await db
    .insertInto('installation')
    .values({ name: MADE, value: accountId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function findSample({ db }: Store, accountId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('function')
    .select('functionId')
    .where('accountId', '=', accountId)
    .where('name', '=', NAME)
    .executeTakeFirst()
  return row?.functionId
}

/** False while another node deploys it. */
async function deploy(
  { deployments }: Functions,
  accountId: string,
  functionId: string,
): Promise<boolean> {
  try {
    await deployments.deploy(accountId, ACTOR, functionId)
    return true
  } catch (cause) {
    if (cause instanceof ParleyError && cause.code === 'function_deploying') return false
    throw cause
  }
}

/** `undefined` when another node was faster: that one deploys it. */
async function create(functions: Functions, accountId: string): Promise<string | undefined> {
  const template = NO_EVENT.templates.find(({ name }) => name === 'Greeting Template')
  if (!template) throw new Error('The Greeting template is missing')
  const draft = FunctionDraft.parse({
    name: NAME,
    description: template.description,
    code: template.code,
  })
  try {
    return (await functions.drafts.create(accountId, ACTOR, draft)).functionId
  } catch (cause) {
    if (cause instanceof ParleyError && cause.code === 'function_name_taken') return undefined
    throw cause
  }
}
