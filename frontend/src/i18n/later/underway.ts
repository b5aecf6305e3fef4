import { addEnglish } from "..";
import underway from "../locales/en/underway.json";

addEnglish("underway", underway);
