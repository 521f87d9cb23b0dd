import { FunctionDraft } from '@parley/contract'
import { NO_EVENT } from '@parley/contract/events'
import type { Functions } from '#faas/functions'
import { ParleyError } from '#base/kernel'
import { type Base, isLocked } from '#base/store'
import { isInstalled, markInstalled } from './repository.ts'

const NAME = 'greeting'
const ACTOR = 'system'
/** Another node, or a person, has been faster. */
const DONE_BY_OTHERS = new Set(['function_deploying', 'function_changed_meanwhile'])

/**
 * Deploys the Greeting template once in the life of an installation, so that there is a function to call.
 * Safe to be interrupted anywhere, and on several nodes at once.
 */
export async function ensureSampleFunction(
  { store, functions }: Pick<Base, 'store'> & { functions: Functions },
  accountId: string,
): Promise<void> {
  if (await isInstalled(store.db)) return
  // Otherwise another node deploys it, or the next start does.
  if (await deploySampleFunction(functions, accountId)) await markInstalled(store.db, accountId)
}

/** Makes and deploys it in an account. Safe to be interrupted anywhere; false while somebody else does it. */
export async function deploySampleFunction(
  functions: Functions,
  accountId: string,
): Promise<boolean> {
  const functionId = (await find(functions, accountId)) ?? (await create(functions, accountId))
  return functionId !== undefined && (await deploy(functions, accountId, functionId))
}

async function find({ drafts }: Functions, accountId: string): Promise<string | undefined> {
  const [found] = await drafts.list(accountId, { name: NAME })
  return found?.functionId
}

/** False while somebody else deploys or changes it: no start fails of that. */
async function deploy(
  { deployments }: Functions,
  accountId: string,
  functionId: string,
): Promise<boolean> {
  try {
    await deployments.deploy(accountId, ACTOR, functionId)
    return true
  } catch (cause) {
    const isOthers = cause instanceof ParleyError && DONE_BY_OTHERS.has(cause.code)
    if (isOthers || isLocked(cause)) return false
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
