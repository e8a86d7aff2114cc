// The card's way: from these fields to this origin. Its token's way: to the parent, if it is who the server says.
const { clientToken, targetOrigin } = document.body.dataset
const form = document.getElementById('card')
const status = document.getElementById('status')
const submit = document.getElementById('submit')
const fields = ['name', 'number', 'expiry', 'cvc'].map((id) => document.getElementById(id))

const digitsOf = (text) => text.replace(/[\s-]/g, '')

function passesLuhn(number) {
  let sum = 0
  for (let index = 0; index < number.length; index++) {
    const digit = Number(number[number.length - 1 - index]) * (index % 2 === 0 ? 1 : 2)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}

function expiryOf(text) {
  const [, month, year] = /^\s*(\d{1,2})\s*[/-]?\s*(\d{2}|\d{4})\s*$/.exec(text) ?? []
  if (month === undefined) return null
  return {
    expirationMonth: Number(month),
    expirationYear: year.length === 2 ? 2000 + Number(year) : Number(year),
  }
}

const checks = {
  name: (text) => (text.trim() === '' ? 'Enter the name on the card.' : ''),
  number: (text) =>
    /^\d{13,19}$/.test(digitsOf(text)) && passesLuhn(digitsOf(text)) ? '' : 'This is not a card number.',
  expiry(text) {
    const expiry = expiryOf(text)
    if (expiry === null || expiry.expirationMonth < 1 || expiry.expirationMonth > 12) {
      return 'Enter the expiry as month and year.'
    }
    return new Date(expiry.expirationYear, expiry.expirationMonth, 1) > new Date()
      ? ''
      : 'This card has expired.'
  },
  cvc: (text) => (/^\d{3,4}$/.test(text.trim()) ? '' : 'Enter the three or four digits.'),
}

function showFault(field, fault) {
  document.getElementById(`${field.id}-fault`).textContent = fault
  field.setAttribute('aria-invalid', String(fault !== ''))
}

function findFaults() {
  for (const field of fields) showFault(field, checks[field.id](field.value))
  return fields.find((field) => field.getAttribute('aria-invalid') === 'true')
}

async function tokenise() {
  const [name, number, expiry, cvc] = fields.map((field) => field.value.trim())
  const response = await fetch('/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${clientToken}` },
    body: JSON.stringify({ number: digitsOf(number), ...expiryOf(expiry), cvv: cvc, cardholderName: name }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error.message)
  return answer
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  const faulty = findFaults()
  if (faulty !== undefined) return faulty.focus()
  submit.disabled = true
  status.textContent = 'Checking the card…'
  try {
    const { token, card } = await tokenise()
    for (const field of fields) field.value = ''
    status.textContent = `Card ending in ${card.last4} is ready.`
    // Never '*': a parent of another origin gets nothing.
    window.parent.postMessage({ type: 'sealpay:token', token, card }, targetOrigin)
  } catch (error) {
    status.textContent = error.message
  } finally {
    submit.disabled = false
  }
})

for (const field of fields) {
  field.addEventListener('blur', () => {
    if (field.value !== '') showFault(field, checks[field.id](field.value))
  })
}

for (const button of document.querySelectorAll('button[data-number]')) {
  button.addEventListener('click', () => {
    const number = document.getElementById('number')
    number.value = button.textContent
    showFault(number, '')
    number.focus()
  })
}
