// The shop's page sends who the customer is as a JWE in an engagement attribute. The key is a secret.
const { Toolbelt } = require('lp-faas-toolbelt')
const crypto = require('crypto')
const fs = require('fs')
const { compactDecrypt } = require('jose')

async function privateKey() {
  // Kept for the other calls of this instance.
  if (!fs.existsSync('/tmp/key.pem')) {
    const { value } = await Toolbelt.SecretClient().readSecret('jwe-key')
    fs.writeFileSync('/tmp/key.pem', value)
  }
  return crypto.createPrivateKey(fs.readFileSync('/tmp/key.pem', 'utf8'))
}

module.exports = async (input, callback) => {
  const conversation = await Toolbelt.ConversationUtil().getConversationById(
    input.payload.general.convId,
  )
  // Of a consumer who has signed in, or of the page of one who has not.
  const { sdes, unAuthSdes } = Toolbelt.SDEUtil().getSDEsFromConv(conversation)
  const sde = [...sdes.events, ...unAuthSdes.events].find(({ sdeType }) => sdeType === 'CUSTOMER_INFO')
  const jwe = sde.customerInfo.customerInfo.customerId
  const { plaintext } = await compactDecrypt(jwe, await privateKey())
  const { firstName, tier } = JSON.parse(new TextDecoder().decode(plaintext))
  callback(null, { type: 'systemMessage', text: `Hello ${firstName}, thank you for being ${tier}.` })
}
