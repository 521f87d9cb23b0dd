import { imagesOf, type StructuredContent } from '@parley/contract'
import { matchesHost } from '#base/http'

/** The host of an image from which the account takes none; `undefined` when all are allowed. `null` allows every host. */
export function findForeignImage(
  imageHosts: readonly string[] | null,
  card: StructuredContent,
): string | undefined {
  if (!imageHosts) return undefined
  return imagesOf(card)
    .map((url) => new URL(url).hostname)
    .find((hostname) => !imageHosts.some((entry) => matchesHost(entry, hostname)))
}
