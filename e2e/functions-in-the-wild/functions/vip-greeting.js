// Greets consumers whom an agent of the VIP skill takes over. Reads `routing` of a participants change.
const VIP_SKILLS = (process.env.VIP_SKILLS || '').split(',')

function lambda(input, callback) {
  const { participantChange, routing, general } = input.payload
  const before = participantChange.oldParticipants.map(({ id }) => id)
  const joined = participantChange.newParticipants.filter(
    ({ id, role }) => role === 'ASSIGNED_AGENT' && !before.includes(id),
  )
  // Not every change of participants changes the skill.
  const skillId = routing.newSkillId || routing.oldSkillId
  console.info('participants changed', { convId: general.convId, routing, joined: joined.length })
  if (joined.length === 0 || !VIP_SKILLS.includes(String(skillId))) return callback(null, [])
  callback(null, [{ type: 'systemMessage', text: 'Your personal adviser is here.' }])
}
