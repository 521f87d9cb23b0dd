import type { Erased, PrivacyDeps } from './deps.ts'

/** One module after the other, so that a fault in one leaves the rest to the next attempt. */
export async function eraseInModules(
  { modules }: Pick<PrivacyDeps, 'modules'>,
  accountId: string,
  erased: Erased,
): Promise<void> {
  for (const module of modules) await module.erase?.(accountId, erased)
}
