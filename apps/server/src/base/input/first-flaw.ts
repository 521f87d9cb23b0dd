import type * as z from 'zod'
import { fieldName } from './check-text.ts'

const MAX_RULE_CHARACTERS = 500

/** The first member that is wrong, and the rule that it breaks. @param name what was read, such as `answer` */
export function firstFlaw({ issues: [issue] }: z.ZodError, name: string): string {
  const rule = (issue?.message ?? 'is wrong').slice(0, MAX_RULE_CHARACTERS)
  return `${fieldName([name, ...(issue?.path ?? [])])}: ${rule}`
}
