/** A phrase to avoid in comments, messages and documents, and the words to write instead. Case does not count. */
interface Phrase {
  pattern: string;
  instead: string;
}

/** `where` is for a place. "Says where it is" and "the folder where files are" are places. */
const WHERE = [
  '(undefined|null|true|false|absent|empty|nothing|none|zero|0|nan|infinity) where',
  '(@throws \\S+|also|even|but|except|save|only) where',
  '(?<=[,;.:–—] |\\()where',
  '(?<!(say|says|said|tells?|shows?|knows?|learns?|returns?|see|is|to|from|of|beside|and|or|that) )' +
    'where (there|it|that|this|nothing|nobody|no|none|neither|its|they|all|any|both|one)',
];

/** In a pattern, a space is any white space, so a phrase is also found if a line ends inside it. */
export const PHRASES: readonly Phrase[] = [
  { pattern: WHERE.join('|'), instead: '"if", or "when" for a time, or "in which" for a place' },

  // A thing that acts or speaks like a person.
  { pattern: 'vouch(es|ed|ers?|ing)?', instead: '"has a valid manifest for", "lists the hash of"' },
  { pattern: '(stands?|stood|standing) for', instead: '"is the newest landed version of", "means", "is current"' },
  { pattern: 'heard', instead: '"received"' },
  { pattern: '(told|tells?|telling) of', instead: '"reports", "lists", "contains"' },
  { pattern: 'says? nothing', instead: '"is ignored", "is no evidence"' },
  { pattern: '(knows?|knew|known) of', instead: '"has a record of"' },

  // A negative noun, or nobody in particular.
  { pattern: "(is|are|was|were|that's) none", instead: '"there is no row", "is not a period": name the thing' },
  { pattern: 'who(so)?ever', instead: '"any caller", "anyone who"' },
  { pattern: 'who else', instead: '"the next source"' },
  { pattern: 'but (of|for)', instead: '"except"' },
  { pattern: 'save (for|of|that|where)', instead: '"except"' },

  // Old or poetic English.
  { pattern: 'anew', instead: '"again", "recomputed", "rewritten", "rebuilt", "republished"' },
  { pattern: '(to|can|could|cannot|may|might) be had', instead: '"is available", "can be fetched"' },
  { pattern: 'been had', instead: '"was available", "was fetched"' },
  { pattern: 'ma(d|k)e?s? good', instead: '"healed", "heals"' },
  { pattern: 'put there again', instead: '"republished"' },
  { pattern: 'put back as it was', instead: '"restored"' },
  { pattern: '(holds?|held) against', instead: '"compared with"' },
  { pattern: '(comes?|came) upon', instead: '"finds"' },
  { pattern: '(goes|go|went) on (from|with)', instead: '"continues", "resumes"' },
  { pattern: 'for (it|they|he|there) (is|are|was|were|has|have|cannot|can)', instead: '"because it is …"' },
  { pattern: '(?<!not )all the same', instead: '"still"' },
  { pattern: 'of (ours|theirs)', instead: '"our", "their" before the noun' },
  { pattern: 'sums? comes? out', instead: '"the counts add up"' },
  { pattern: 'lest', instead: '"so that … not"' },
];

/** First words that a docstring does not have: it begins with a verb in the third person, or defines a noun. */
export const FIRST_WORDS = ['What', 'Which', 'Who', 'Whose', 'Whom', 'There', 'Where', 'Why', 'How', 'Nobody'];
