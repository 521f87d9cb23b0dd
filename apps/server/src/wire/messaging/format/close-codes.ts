/** A new token is needed: it is missing, wrong or expired, or a newer login has taken over. */
export const LOG_IN_AGAIN = 4401
/** An anonymous consumer has to extend its identity. */
export const EXTEND_IDENTITY = 4407
export const NORMAL_CLOSURE = 1000
export const TRY_AGAIN_LATER = 1013
