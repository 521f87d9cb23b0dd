import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(import.meta.dirname, 'package.json'))

/** A file of an installed peer. Peers are named by values, so that types and lint need none of them. */
export function peerFile(name: string): string {
  return require.resolve(name)
}

/** An installed peer. `Peer` says what is used of it. */
export async function importPeer<Peer>(name: string): Promise<Peer> {
  return (await import(peerFile(name))) as Peer
}
