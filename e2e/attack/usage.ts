import { readdirSync, readFileSync } from 'node:fs'

/** What a process holds of the machine. */
export interface Usage {
  megabytes: number
  descriptors: number
}

export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
  return {
    megabytes: Math.round(kilobytes / 1024),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  }
}

/** Watches a process until it is disposed: the most that it held. */
export function watchPeak(pid: number): { readonly peak: Usage } & Disposable {
  const peak = usageOf(pid)
  const watching = setInterval(() => {
    const now = usageOf(pid)
    peak.megabytes = Math.max(peak.megabytes, now.megabytes)
    peak.descriptors = Math.max(peak.descriptors, now.descriptors)
  }, 250)
  return { peak, [Symbol.dispose]: () => clearInterval(watching) }
}
