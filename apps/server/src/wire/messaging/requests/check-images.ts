import type { Settings } from '#identity/settings'
import { imagesOf, type StructuredContent } from '@parley/contract'
import { matchesHost } from '#base/http'
import { ParleyError } from '#base/kernel'

/** @throws ParleyError when the account takes no images from the host of one of the card's */
export async function checkImages(
  settings: Pick<Settings, 'get'>,
  accountId: string,
  card: StructuredContent,
): Promise<void> {
  const { imageHosts } = (await settings.get(accountId)).messaging
  if (!imageHosts) return
  for (const url of imagesOf(card)) {
    const { hostname } = new URL(url)
    if (!imageHosts.some((entry) => matchesHost(entry, hostname))) {
      throw new ParleyError(
        'invalid_request',
        `event.content: images from "${hostname}" are not allowed; the account's imageHosts names those that are`,
      )
    }
  }
}
