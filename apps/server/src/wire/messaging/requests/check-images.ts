import type { Settings } from '#identity/settings'
import type { StructuredContent } from '@parley/contract'
import { invalid } from '#base/kernel'
import { findForeignImage } from '#messaging/rules'

/** @throws ParleyError when the account takes no images from the host of one of the card's */
export async function checkImages(
  settings: Pick<Settings, 'get'>,
  accountId: string,
  card: StructuredContent,
): Promise<void> {
  const { imageHosts } = (await settings.get(accountId)).messaging
  const hostname = findForeignImage(imageHosts, card)
  if (hostname === undefined) return
  throw invalid(
    'event.content',
    `images from "${hostname}" are not allowed; the account's imageHosts names those that are`,
  )
}
