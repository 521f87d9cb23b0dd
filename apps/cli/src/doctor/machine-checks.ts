import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { readAuthority } from '../authority.ts'
import type { ConnectionOptions } from '../connection.ts'
import { explain } from '../explain.ts'
import { dataFolder } from '../folders.ts'

/** What a check has found; with what to do, where something is wrong. */
export interface Finding {
  isWrong: boolean
  what: string
  remedy?: string
}

const GIGABYTE = 1_073_741_824
const CERTIFICATE_DAYS = 14
const DAY_MS = 86_400_000

/** What can be seen without the server. */
export function machineFindings(options: ConnectionOptions): Finding[] {
  const folder = dataFolder(options.data)
  const findings: Finding[] = [{ isWrong: false, what: `Node ${process.versions.node}` }]
  // The server may be another machine.
  if (!existsSync(folder)) return findings
  return [...findings, diskFinding(folder), ...certificateFinding(folder)]
}

function diskFinding(folder: string): Finding {
  const { bavail, bsize } = statfsSync(folder)
  const free = (bavail * bsize) / GIGABYTE
  const what = `${free.toFixed(1)} GB are free for ${folder}`
  return free < 1
    ? { isWrong: true, what, remedy: 'free some: the database stops when the disk is full' }
    : { isWrong: false, what }
}

function certificateFinding(folder: string): Finding[] {
  const file = join(folder, 'tls', 'machine-ca.pem')
  if (!existsSync(file)) return []
  let validTo: string
  try {
    ;({ validTo } = readAuthority(file).certificate)
  } catch (error) {
    return [{ isWrong: true, what: explain(error) }]
  }
  const days = Math.floor((new Date(validTo).getTime() - Date.now()) / DAY_MS)
  const what = `The certificate authority of this machine is valid for ${days} days`
  return [
    days < CERTIFICATE_DAYS
      ? {
          isWrong: true,
          what,
          remedy:
            'start Parley, which makes it anew with the same key, then trust it again: parley trust',
        }
      : { isWrong: false, what },
  ]
}
