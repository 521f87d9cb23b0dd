import { readdirSync, readFileSync } from 'node:fs'

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    // It has ended since it was listed.
    return undefined
  }
}

/** Fields of /proc/<pid>/stat after the name, which may contain anything. */
export function statOf(pid: number): string[] | undefined {
  const stat = read(pid, 'stat')
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** A process and everything that it has started, parents first. */
export function processTree(root: number): number[] {
  const children = Map.groupBy(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => ({ pid: Number(name), parent: Number(statOf(Number(name))?.[1]) })),
    ({ parent }) => parent,
  )
  const tree = [root]
  for (const pid of tree) tree.push(...(children.get(pid) ?? []).map((child) => child.pid))
  return tree
}

const TICKS_PER_SECOND = 100

/** User and system time of the whole tree, that of its ended and reaped processes included. */
export function cpuSeconds(root: number): number {
  return processTree(root).reduce((sum, pid) => sum + ownCpuSeconds(pid), 0)
}

/** The same of one process, with those of its children that have ended and been reaped. */
export function ownCpuSeconds(pid: number): number {
  const fields = statOf(pid) ?? []
  const ticks = [11, 12, 13, 14].reduce((own, index) => own + Number(fields[index] ?? 0), 0)
  return ticks / TICKS_PER_SECOND
}

/** Memory of the whole tree, shared pages counted once. */
export function pssBytes(root: number): number {
  return processTree(root).reduce((sum, pid) => sum + ownPssBytes(pid), 0)
}

export function ownPssBytes(pid: number): number {
  const pss = /^Pss:\s+(\d+) kB/m.exec(read(pid, 'smaps_rollup') ?? '')?.[1]
  return Number(pss ?? 0) * 1024
}

/** What `ps` would call the process. */
export function commandLine(pid: number): string {
  return (read(pid, 'cmdline') ?? '').replaceAll('\0', ' ').trim()
}

export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.[0]
  return state !== undefined && state !== 'Z'
}
