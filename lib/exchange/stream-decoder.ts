/** The forms in which a stream lands: an archive file, an answer of REST, and the two parts of a snapshot. */
export type StreamForm = 'file' | 'rest' | 'exchange_info' | 'funding_info';

/** A row of a stream: its values by column. A column is absent if the answer does not have it. */
export type StreamRow = Readonly<Record<string, number | string>>;

/** Decodes bytes, of an archive file the CSV in it. `name` is for messages. @throws UnexpectedFormat */
export type DecodeRows = (bytes: Uint8Array, name: string) => readonly StreamRow[];

/** The decoders of a stream, one for each form in which the exchange has it. */
export type StreamDecoder = Readonly<Partial<Record<StreamForm, DecodeRows>>>;
