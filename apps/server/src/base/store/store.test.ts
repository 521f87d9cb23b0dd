import { inject } from 'vitest'
import { describeCommits } from './commits.contract.ts'
import { describeNotifications } from './notifications.contract.ts'
import { describePlans } from './plans.contract.ts'
import { describeProcedures } from './procedures.contract.ts'

const templateUrl = () => inject('templateUrl')

describeCommits('the embedded PostgreSQL', templateUrl)
describeNotifications('the embedded PostgreSQL', templateUrl)
describeProcedures('the embedded PostgreSQL', templateUrl)
describePlans('the embedded PostgreSQL', templateUrl)
