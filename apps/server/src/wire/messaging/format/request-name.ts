/** Groups of requests that have two published names. */
const GROUPS: Record<string, string> = { aam: 'cqm', up: 'userprofile' }

/** The one name of a request type: clients may begin it with `.` or `.ams.`, and two groups have a second name. */
export function requestName(type: string): string {
  const short = type.replace(/^\.(ams\.)?/, '')
  const [group = '', ...rest] = short.split('.')
  return rest.length === 0 ? group : [GROUPS[group] ?? group, ...rest].join('.')
}
