export const LIMITS_PATH = '/$accountId/limits'

/** Groups of settings that are figures, as `/settings` has them. */
export const GROUPS = ['limits', 'retention', 'recordings', 'messaging', 'identity'] as const
export type GroupName = (typeof GROUPS)[number]
