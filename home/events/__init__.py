"""Series and their editions: programme, participation, chronicle, dates and calendars."""
