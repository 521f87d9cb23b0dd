/** The client needs a new token: its own is missing, wrong or expired, or a newer login has replaced it. */
export const LOG_IN_AGAIN = 4401
/** An anonymous consumer must extend its identity. */
export const EXTEND_IDENTITY = 4407
export const NORMAL_CLOSURE = 1000
export const TRY_AGAIN_LATER = 1013
