import type { Death } from './child.ts'

export function whyDied({ code, signal, stderr }: Death): string {
  if (/heap out of memory|heap limit|Out of memory|memory allocation/i.test(stderr)) {
    return 'memory limit'
  }
  if (signal === 'SIGTRAP' || signal === 'SIGABRT' || code === 133 || code === 134) {
    return 'memory limit'
  }
  return signal ? `signal ${signal}` : `exit code ${code}`
}
