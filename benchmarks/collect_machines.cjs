// Packages of npm that rewrite or edit English, for collect_machines.py: node collect_machines.cjs WAY RATE
// A text a line in JSON on standard input, and the same on standard output ('' where a package broke).
const seed = (number => () => ((number = (number * 1103515245 + 12345) % 2147483648) / 2147483648))(7)
const cased = (old, word) => old[0] !== old[0].toLowerCase() ? word[0].toUpperCase() + word.slice(1) : word
const retext = plugin => async text => {
  const [{retext}, used] = await Promise.all(['retext', plugin].map(name => import(name)))
  const file = await retext().use(used.default).process(text)
  const found = file.messages.filter(item => item.expected && item.expected.length && item.place && item.place.start)
  let made = text
  for (const item of found.reverse()) {
    const [start, end] = [item.place.start.offset, item.place.end.offset]
    made = made.slice(0, start) + (item.expected[0] && cased(made.slice(start, end), item.expected[0])) + made.slice(end)
  }
  return made
}
const ways = {
  // A free article spinner: a word of an open class, at a rate, for any of its synonyms of that class.
  synonyms: async (text, rate) => {
    const synonyms = require('synonyms'), wordpos = new (require('wordpos'))()
    const made = []
    for (const token of text.split(/(\s+)/)) {
      const word = token.replace(/[^a-zA-Z]/g, '')
      if (!word || word.length < 3 || seed() > rate) { made.push(token); continue }
      let found  // of a word that it leaves out as too common it says nothing, or breaks
      try { found = await wordpos.getPOS(word) } catch (error) { made.push(token); continue }
      const kind = found.nouns.length ? 'n' : found.verbs.length ? 'v' : found.adjectives.length ? 's' : 'r'
      const others = (synonyms.dictionary[word.toLowerCase()] || {})[kind] || []
      const other = others.filter(one => one.length > 1)[Math.floor(seed() * others.length)]
      made.push(other ? token.replace(word, cased(word, other)) : token)
    }
    return made.join('')
  },
  simplify: retext('retext-simplify'),
  equality: retext('retext-equality'),
  british: text => {
    const found = require('american-british-english-translator').translate(text, {american: true, spelling: true})
    const pairs = {}
    for (const line of Object.values(found)) for (const word of line) for (const [old, about] of Object.entries(word))
      if (typeof about.details === 'string' && /^[a-z-]+$/i.test(about.details)) pairs[old] = about.details
    return text.replace(/[A-Za-z]+/g, old => pairs[old.toLowerCase()] ? cased(old, pairs[old.toLowerCase()]) : old)
  },
  past: text => { const doc = require('compromise')(text); doc.sentences().toPastTense(); return doc.text() },
  smartquotes: text => require('smartquotes').string(text),
  typograf: text => { const Typograf = require('typograf'); return new Typograf({locale: ['en-US']}).execute(text) },
  title: async text => {
    const {titleCase} = await import('title-case')
    return text.split('\n').map(line => titleCase(line)).join('\n')
  },
  numbers: text => {
    const {toWords, toWordsOrdinal} = require('number-to-words')
    return text.replace(/(?<![\d.,$£€])(\d{1,4})(st|nd|rd|th)?(?![\d.,]*\d|%|\w)/g, (all, number, ordinal) =>
      ordinal ? toWordsOrdinal(number) : toWords(number))
  }
}
;(async () => {
  for (const line of require('fs').readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
    let made = ''
    try { made = await ways[process.argv[2]](JSON.parse(line), Number(process.argv[3])) } catch (error) { console.error(error.stack) }
    console.log(JSON.stringify(made || ''))
  }
})()
