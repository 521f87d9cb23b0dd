import type { Http } from '#base/http'
import { openAdmission } from './admission.ts'
import type { Deps } from './deps.ts'
import { domainRoutesV1 } from './domains-v1.ts'
import { ACCOUNT_ERRORS } from '#wire/identity'
import { LPF_LOGS_ERRORS, V1_ERRORS, V1_INVOCATION_ERRORS, V2_ERRORS } from './errors.ts'
import { eventRoutes } from './events.ts'
import { functionRoutesV2 } from './functions-v2.ts'
import { invokeRoutes } from './invoke.ts'
import { lambdaRoutesV1 } from './lambdas-v1.ts'
import { openRepetitions } from './repetitions.ts'
import { reportRoutesV1 } from './reports-v1.ts'
import { scheduleRoutesV1 } from './schedules-v1.ts'

/** Serves the published functions API, both dialects on the same paths. */
export function openWireFunctions(deps: Deps) {
  const admission = openAdmission(deps)
  const repetitions = openRepetitions(deps)
  return {
    routes(http: Http): void {
      http.speak(LPF_LOGS_ERRORS)
      http.speak(V1_INVOCATION_ERRORS)
      http.speak(V1_ERRORS)
      http.speak(V2_ERRORS)
      http.speak(ACCOUNT_ERRORS)
      invokeRoutes(http, { ...deps, admission, repetitions })
      eventRoutes(http, deps)
      lambdaRoutesV1(http, deps)
      scheduleRoutesV1(http, deps)
      domainRoutesV1(http, deps)
      reportRoutesV1(http, deps)
      functionRoutesV2(http, deps)
    },
  }
}
