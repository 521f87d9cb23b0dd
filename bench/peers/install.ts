import { join } from 'node:path'
import { install } from '../../scripts/install.mjs'
import { matchesLock } from '../../scripts/installed.mjs'
import { currentPlatform } from '../../scripts/platform.mjs'

const folder = import.meta.dirname

/** The peers are not there and cannot be fetched. Its message is one line for whoever runs the bench. */
export class PeersMissing extends Error {
  override name = 'PeersMissing'
}

/**
 * Installs the peers into this folder, exactly as its lockfile says, unless they are there.
 * @throws PeersMissing
 */
export async function installPeers(): Promise<void> {
  const platform = currentPlatform()
  if (matchesLock(folder, platform)) return
  console.log(`Installing the peers of the bench into ${folder} (460 MB, once)`)
  try {
    await install(folder, platform, join(folder, '.prepare'), { withTools: true })
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n')
    throw new PeersMissing(`The peers of the bench cannot be installed: ${reason}`, { cause })
  }
}
