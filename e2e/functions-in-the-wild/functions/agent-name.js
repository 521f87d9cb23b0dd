// Tells the consumer by name who has joined. Looks the agent up in the list of users by its pid.
const { Toolbelt, LpServices } = require('lp-faas-toolbelt')
const lpClient = Toolbelt.LpClient()
const LOG = Toolbelt.Logger()

async function lambda(input, callback) {
  try {
    const { oldParticipants, newParticipants } = input.payload.participantChange
    const known = new Set(oldParticipants.map(({ id }) => id))
    const joined = newParticipants.find(({ id, role }) => role === 'ASSIGNED_AGENT' && !known.has(id))
    if (!joined) return callback(null, [])
    const account = process.env.BRAND_ID
    const users = await lpClient(
      LpServices.ACCOUNT_CONFIG_READ_ONLY,
      `/api/account/${account}/configuration/le-users/users?v=4.0&select=id,pid,nickname,skillIds`,
      { method: 'GET', json: true },
    )
    const skills = await lpClient(
      LpServices.ACCOUNT_CONFIG_READ_ONLY,
      `/api/account/${account}/configuration/le-users/skills?v=2.0`,
      { json: true },
    )
    const user = users.find(({ pid }) => pid === joined.id)
    const names = user.skillIds.map((id) => skills.find((skill) => skill.id === id).name)
    LOG.info('joined', { user: user.id })
    callback(null, { type: 'systemMessage', text: `${user.nickname} (${names.join(', ')}) is here.` })
  } catch (error) {
    LOG.error('no greeting', error.message)
    callback(error)
  }
}
