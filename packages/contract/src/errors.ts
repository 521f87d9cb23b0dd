/**
 * Every way a request can fail, with the HTTP status that a client sees.
 * Add a line here before throwing it. The published dialects translate these codes in `wire/functions`
 * and `wire/messaging`.
 */
export const ERRORS = {
  invalid_request: 400,
  request_too_large: 413,
  unauthorized: 401,
  token_expired: 401,
  anonymous_token_expired: 401,
  forbidden: 403,
  account_suspended: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  unsupported_media_type: 415,
  upgrade_required: 426,
  rate_limited: 429,
  headers_too_large: 431,
  internal: 500,
  answer_too_large: 502,
  context_store_full: 507,
  unavailable: 503,
  overloaded: 503,

  function_not_found: 404,
  function_not_deployed: 404,
  function_identity_fixed: 409,
  function_name_taken: 409,
  function_deployed: 409,
  function_changed_meanwhile: 409,
  function_limit_reached: 409,
  function_skills_overlap: 409,
  function_deploying: 409,
  function_source_invalid: 400,
  environment_name_reserved: 400,
  version_not_found: 404,
  deployment_not_found: 404,
  deployment_failed: 400,
  functions_disabled: 403,

  secret_not_found: 404,
  secret_exists: 409,
  secret_limit_reached: 409,
  secret_provisioned: 409,
  secret_too_large: 400,
  secret_changed_meanwhile: 409,
  secret_unreadable: 409,
  domain_not_found: 404,
  domain_exists: 409,
  domain_limit_reached: 409,
  schedule_not_found: 404,
  schedule_limit_reached: 409,
  schedule_paused: 409,
  replay_job_running: 409,
  replay_job_limit_reached: 409,
  deployment_required: 409,

  function_failed: 901,
  function_crashed: 901,
  function_timed_out: 901,
  function_log_limit: 901,
  sandbox_unavailable: 429,

  conversation_not_found: 404,
  conversation_closed: 409,
  conversation_busy: 503,
  dialog_not_found: 404,
  dialog_closed: 409,
  consumer_has_conversation: 400,
  agent_busy: 409,
  not_participant: 403,
  not_supported: 400,

  chats_disabled: 403,
  chat_not_found: 404,
  chat_not_waiting: 409,
  chat_ended: 409,
  chat_not_ended: 409,
  chat_too_long: 409,
  chat_queue_full: 429,
  chat_busy: 503,
  chat_survey_not_found: 404,
  chat_survey_submitted: 409,
  chat_survey_expired: 410,

  mail_not_found: 404,
  mail_not_waiting: 409,
  mail_changed_meanwhile: 409,
  mail_refused: 502,
  mail_deferred: 503,
} as const

/** `error.code` of a refused request of the native API. */
export type ErrorCode = keyof typeof ERRORS

/** Which part of a request broke which rule. */
export interface ErrorDetail {
  /** The field as the sender wrote it, such as `body.payload.name`. */
  readonly path: string
  readonly message: string
}
