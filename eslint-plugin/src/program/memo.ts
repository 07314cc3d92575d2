import type { ProgramContext } from './program-context.js';

/**
 * The same function, which computes its answer for each object of a program once.
 *
 * @param meanwhile the answer to a question that is asked again while it is being answered
 */
export function remembering<Key extends object, Answer>(
  compute: (context: ProgramContext, key: Key) => Answer,
  meanwhile: Answer,
): (context: ProgramContext, key: Key) => Answer {
  const programs = new WeakMap<ProgramContext, Map<Key, Answer>>();
  return (context, key) => {
    let answers = programs.get(context);
    if (!answers) programs.set(context, (answers = new Map<Key, Answer>()));
    const known = answers.get(key);
    if (known !== undefined || answers.has(key)) return known as Answer;
    answers.set(key, meanwhile);
    const answer = compute(context, key);
    answers.set(key, answer);
    return answer;
  };
}
