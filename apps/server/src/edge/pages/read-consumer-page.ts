import type { ConsumerPage } from '@parley/contract'
import { requireKnown } from '#base/store'
import { ParleyError } from '#base/kernel'
import type { PageDeps } from './deps.ts'

/**
 * What the page of an account shows before anybody has written.
 * @throws ParleyError `not_found` for an account or a skill that does not exist
 */
export async function readConsumerPage(
  deps: PageDeps,
  accountId: string,
  skillId: string | undefined,
): Promise<ConsumerPage> {
  const { accounts, settings, clock } = deps
  await requireThere(deps, accountId, skillId)
  const now = clock.now()
  const { isOpen, nextOn, nextOff } = await accounts.shiftStatus(accountId, skillId, now)
  const { consumerPage: look, messaging } = await settings.get(accountId)
  return {
    look,
    hours: {
      isOpen,
      at: new Date(now).toISOString(),
      ...(!isOpen && nextOn !== undefined && { opensAt: new Date(nextOn).toISOString() }),
      ...(isOpen && nextOff !== undefined && { closesAt: new Date(nextOff).toISOString() }),
    },
    files: { maxBytes: messaging.fileBytes },
  }
}

async function requireThere(
  { accounts, store }: Pick<PageDeps, 'accounts' | 'store'>,
  accountId: string,
  skillId: string | undefined,
): Promise<void> {
  await accounts.getAccount(accountId)
  requireKnown(store, accountId)
  if (skillId !== undefined) await accounts.skills.get(accountId, skillId)
}

/** Whether the account and, where one is named, its skill exist. */
export async function isThere(
  deps: Pick<PageDeps, 'accounts' | 'store'>,
  accountId: string,
  skillId: string | undefined,
): Promise<boolean> {
  try {
    await requireThere(deps, accountId, skillId)
    return true
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'not_found') return false
    throw error
  }
}
